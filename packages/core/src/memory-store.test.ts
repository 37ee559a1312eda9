import { sessionStoreContract } from '@synapse/test/contracts/session-store-contract';
import { createMemoryStore } from './memory-store.ts';

sessionStoreContract('memory', async () => createMemoryStore());
