import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { look, type Snapshot } from './api';
import { Dashboard } from './Dashboard';
import './styles.css';

const BACKEND = import.meta.env.VITE_BACKEND_URL ?? '';
const EVERY_MS = 5000;

function App() {
  const [snapshot, setSnapshot] = useState<Snapshot>();
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    const refresh = () =>
      look(BACKEND).then(
        (seen) => {
          setSnapshot(seen);
          setProblem(undefined);
        },
        (error: Error) => setProblem(error.message),
      );
    refresh();
    const timer = setInterval(refresh, EVERY_MS);
    return () => clearInterval(timer);
  }, []);

  return (
    <>
      {problem && <p role="alert">{problem}</p>}
      {snapshot ? <Dashboard {...snapshot} /> : <p>Looking…</p>}
    </>
  );
}

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root"');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
