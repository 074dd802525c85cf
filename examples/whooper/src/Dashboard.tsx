import type { Snapshot } from './api';

/** The page's content: pods, those in trouble first, and the warnings of the cluster. */
export function Dashboard({ version, pods, incidents }: Snapshot) {
  const troubledFirst = [...pods].sort((a, b) => Number(a.ready) - Number(b.ready));
  return (
    <main>
      <h1>Whooper</h1>
      <p>
        {pods.filter((pod) => pod.ready).length} of {pods.length} pods ready
      </p>
      <table>
        <thead>
          <tr>
            <th>Pod</th>
            <th>Phase</th>
            <th>Restarts</th>
          </tr>
        </thead>
        <tbody>
          {troubledFirst.map((pod) => (
            <tr key={pod.name} className={pod.ready ? 'ready' : 'troubled'}>
              <td>{pod.name}</td>
              <td>{pod.phase}</td>
              <td>{pod.restarts}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {incidents.length > 0 && (
        <ul>
          {incidents.map((incident) => (
            <li key={`${incident.object} ${incident.reason}`}>
              {incident.object}: {incident.reason}, {incident.message} ({incident.count}×)
            </li>
          ))}
        </ul>
      )}
      <footer>version {version}</footer>
    </main>
  );
}
