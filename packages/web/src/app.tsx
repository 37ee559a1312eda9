export function App() {
  return (
    <main>
      <h1>Synapse</h1>
    </main>
  );
}
