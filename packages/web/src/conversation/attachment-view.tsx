import { useEffect, useState } from 'preact/hooks';
import { readBlob } from '../api/client.ts';
import type { Attachment } from '../api/types.ts';
import { saveFile } from '../frame/save-file.ts';
import { tellProblem } from '../state/notices.ts';

interface AttachmentProps {
  sessionId: string;
  messageId: string;
  attachment: Attachment;
}

const SHOWN = /^image\/(png|jpeg|gif|webp)$/;
/** Larger images are shown when somebody asks for them. */
const MOST_BYTES = 4 << 20;

/** Bytes come with the token of this browser, which the address of an image could not carry. */
export function AttachmentView({ sessionId, messageId, attachment }: AttachmentProps) {
  const { sha256, mediaType, byteLength } = attachment;
  const name = attachment.name ?? sha256.slice(0, 12);
  const path = `/api/sessions/${sessionId}/messages/${messageId}/attachments/${sha256}`;
  const [address, setAddress] = useState<string | null>(null);
  const isShown = SHOWN.test(mediaType) && byteLength <= MOST_BYTES;
  useEffect(() => {
    if (!isShown) return;
    let made: string | null = null;
    let hasLeft = false;
    readBlob(path)
      .then((bytes) => {
        if (hasLeft) return;
        made = URL.createObjectURL(bytes);
        setAddress(made);
      })
      .catch(() => undefined);
    return () => {
      hasLeft = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [path, isShown]);
  const save = async () => saveFile(await readBlob(path), name);
  return (
    <figure class="attachment">
      {address !== null && <img src={address} alt={name} />}
      <figcaption>
        <button onClick={() => void save().catch(tellProblem)}>
          <bdi>{name}</bdi>
        </button>{' '}
        <small>
          {mediaType}, {Math.max(1, Math.round(byteLength / 1000))} kB
        </small>
      </figcaption>
    </figure>
  );
}
