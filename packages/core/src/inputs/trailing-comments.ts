import { Lexer } from 'yaml';

/**
 * The lines, counted from 1, on which a comment follows something: in a secret document that is mostly
 * a password with ` #` in it, cut off.
 */
export function trailingComments(text: string): readonly number[] {
  const found: number[] = [];
  let line = 1;
  let occupied = false;
  let inScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (!inScalar && token.startsWith('#') && occupied) found.push(line);
    inScalar = token === SCALAR;
    for (const character of token) {
      if (character === '\n') {
        line += 1;
        occupied = false;
      } else if (!' \t\r\ufeff'.includes(character) && character >= ' ') occupied = true;
    }
  }
  return found;
}

/** The lexer's mark that the next token is a scalar's text. */
const SCALAR = '\x1f';
