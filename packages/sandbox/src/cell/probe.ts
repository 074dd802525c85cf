import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { connect, type NetConnectOpts } from 'node:net';
import type { Probe } from '../plan.ts';

/** Whether a program does its work at this moment. Certificates are not checked: it asks its own cell. */
export function answers(probe: Probe): Promise<boolean> {
  switch (probe.kind) {
    case 'http':
      return respondsWell(probe.url);
    case 'socket':
      return accepts({ path: probe.path });
    case 'port':
      return accepts({ host: '127.0.0.1', port: probe.port });
    case 'none':
      return Promise.resolve(true);
  }
}

function respondsWell(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { rejectUnauthorized: false, timeout: 2000 };
    const request = (url.startsWith('https:') ? getHttps : getHttp)(url, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

function accepts(where: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(where, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
