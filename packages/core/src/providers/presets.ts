import type { Preset } from './preset.ts';
import { OPENAI_QUIRKS } from './server-quirks.ts';

/** In the order in which they are tried if the user chose none. */
export const PRESETS: readonly Preset[] = [
  {
    ...compatiblePreset('anthropic', 'Anthropic', 'https://api.anthropic.com'),
    dialect: 'anthropic',
    models: { default: 'claude-sonnet-5-5', fast: 'claude-haiku-5-5', smart: 'claude-opus-5-5' },
    modelPrefixes: ['claude-'],
  },
  {
    ...compatiblePreset('openai', 'OpenAI', 'https://api.openai.com/v1'),
    dialect: 'openai-responses',
    models: { default: 'gpt-6-sol', fast: 'gpt-6-luna', smart: 'gpt-6-astra' },
    modelPrefixes: ['gpt-', 'chatgpt-', 'o1', 'o3', 'o4'],
    quirks: OPENAI_QUIRKS,
  },
  {
    ...compatiblePreset(
      'gemini',
      'Google Gemini',
      'https://generativelanguage.googleapis.com/v1beta/openai',
    ),
    keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    models: { default: 'gemini-3.5-flash' },
    modelPrefixes: ['gemini-'],
  },
  {
    ...compatiblePreset('openrouter', 'OpenRouter', 'https://openrouter.ai/api/v1'),
    models: { default: 'openrouter/auto' },
    quirks: { supportsFiles: true, marksCache: true, reportsCost: true },
  },
  {
    ...compatiblePreset('deepseek', 'DeepSeek', 'https://api.deepseek.com'),
    models: { default: 'deepseek-v4-pro', fast: 'deepseek-flash' },
    modelPrefixes: ['deepseek-'],
    quirks: { structuredOutput: 'json-object' },
  },
  {
    ...compatiblePreset('mistral', 'Mistral', 'https://api.mistral.ai/v1'),
    models: {
      default: 'mistral-medium-latest',
      fast: 'mistral-small-latest',
      smart: 'mistral-large-latest',
    },
    modelPrefixes: ['mistral-', 'ministral-', 'magistral-', 'codestral-', 'devstral-'],
    quirks: {
      supportsStreamUsage: false,
      toolCallIdPattern: /^[a-zA-Z0-9]{9}$/,
      toolCallIdLength: 9,
      needsAnswerAfterTool: true,
    },
  },
  {
    ...compatiblePreset('groq', 'Groq', 'https://api.groq.com/openai/v1'),
    models: { default: 'openai/gpt-oss-120b', fast: 'openai/gpt-oss-20b' },
  },
  {
    ...compatiblePreset('xai', 'xAI', 'https://api.x.ai/v1'),
    models: { default: 'grok-4.6' },
    modelPrefixes: ['grok-'],
  },
  {
    ...compatiblePreset('together', 'Together AI', 'https://api.together.xyz/v1'),
    models: { default: 'openai/gpt-oss-120b', fast: 'openai/gpt-oss-20b' },
  },
  {
    ...compatiblePreset('fireworks', 'Fireworks AI', 'https://api.fireworks.ai/inference/v1'),
    models: { default: 'accounts/fireworks/models/gpt-oss-120b' },
  },
  {
    ...compatiblePreset('cerebras', 'Cerebras', 'https://api.cerebras.ai/v1'),
    models: { default: 'gpt-oss-120b' },
  },
  {
    ...compatiblePreset('azure', 'Azure OpenAI', null),
    keyVariables: ['AZURE_OPENAI_API_KEY'],
    baseUrlVariables: ['AZURE_OPENAI_BASE_URL', 'AZURE_OPENAI_ENDPOINT'],
    path: '/openai/v1',
    dialect: 'openai-responses',
    quirks: OPENAI_QUIRKS,
  },
  {
    ...local('ollama', 'Ollama', 'http://127.0.0.1:11434/v1'),
    baseUrlVariables: ['OLLAMA_BASE_URL', 'OLLAMA_HOST'],
  },
  local('lmstudio', 'LM Studio', 'http://127.0.0.1:1234/v1'),
  local('llamacpp', 'llama.cpp', 'http://127.0.0.1:8080/v1'),
  local('vllm', 'vLLM', 'http://127.0.0.1:8000/v1'),
  {
    ...local('demo', 'Demo', null),
    dialect: 'demo',
    baseUrlVariables: [],
    models: { default: 'demo' },
  },
];

/** The local servers to try if there is no key; the ports of others may belong to any program. */
export const AUTO_DETECTED: readonly string[] = ['ollama', 'lmstudio'];

/** Any server with Chat Completions; the key of `my-server` is read from `MY_SERVER_API_KEY`. */
export function compatiblePreset(name: string, title: string, baseUrl: string | null): Preset {
  const prefix = name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  return {
    name,
    title,
    dialect: 'openai-chat',
    baseUrl,
    keyVariables: [`${prefix}_API_KEY`],
    baseUrlVariables: [`${prefix}_BASE_URL`],
    path: null,
    models: { default: null },
    modelPrefixes: [],
    isLocal: false,
    quirks: {},
  };
}

function local(name: string, title: string, baseUrl: string | null): Preset {
  return {
    ...compatiblePreset(name, title, baseUrl),
    keyVariables: [],
    path: '/v1',
    isLocal: true,
  };
}
