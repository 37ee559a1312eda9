import { render } from 'preact';
import { App } from './app.tsx';
import { applyAppearance } from './state/appearance.ts';
import { signInFromAddress } from './state/sign-in.ts';
import { tellProblem } from './state/notices.ts';
import './styles/main.css';

applyAppearance();
await signInFromAddress().catch(tellProblem);
const place = document.getElementById('app');
if (place) render(<App />, place);
