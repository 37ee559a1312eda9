import { languageFrom } from '@synapse/markdown';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { CopyButton } from '../frame/copy-button.tsx';
import { toVisible } from './visible-text.tsx';

/** Code as a whole, which is coloured when its language is loaded; or slices of it while it grows. */
type CodeBlockProps = { info: string } & ({ code: string } | { slices: readonly string[] });

/** Longer code would hold up the page. */
const mostColored = 32 * 1024;

export function CodeBlock(props: CodeBlockProps) {
  const { info } = props;
  const name = /^[^\s{]+/.exec(info)?.[0] ?? '';
  const isWhole = 'code' in props;
  return (
    <div class="code">
      <div class="code-head">
        <span>{toVisible(name)}</span>
        <CopyButton text={() => (isWhole ? props.code : props.slices.join(''))} label="Copy" />
      </div>
      <pre tabIndex={0} dir="ltr">
        <code>
          {isWhole ? (
            <ColoredCode info={info} code={props.code} />
          ) : (
            props.slices.map((slice) => <span>{toVisible(slice)}</span>)
          )}
        </code>
      </pre>
    </div>
  );
}

function ColoredCode({ info, code }: { info: string; code: string }) {
  const [colored, setColored] = useState<ComponentChildren>(null);
  const language = code.length > mostColored ? undefined : languageFrom(info);
  useEffect(() => {
    if (language === undefined) return undefined;
    let isCurrent = true;
    import('./color-code.tsx')
      .then(({ colorCode }) => colorCode(language, code))
      .then((nodes) => isCurrent && setColored(nodes))
      // Code without colour is better than none.
      .catch(() => undefined);
    return () => {
      isCurrent = false;
      setColored(null);
    };
  }, [language, code]);
  return <>{colored ?? toVisible(code)}</>;
}
