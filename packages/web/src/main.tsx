import { render } from 'preact';
import { App } from './app.tsx';
import { applyAppearance } from './state/appearance.ts';
import { signInFromAddress } from './state/sign-in.ts';
import { tellProblem } from './state/notices.ts';
import { onStored } from './state/stored.ts';
import { token } from './state/token.ts';
import './styles/main.css';

applyAppearance();
// Signing in or out concerns every tab.
onStored('token', (value) => (token.value = value));
await signInFromAddress().catch(tellProblem);
const place = document.getElementById('app');
if (place) render(<App />, place);
