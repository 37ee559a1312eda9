import { sessionStoreContract } from '@synapse/test/contracts/session-store-contract';
import { storeCareContract } from '@synapse/test/contracts/store-care-contract';
import { createMemoryStore } from './memory-store.ts';

sessionStoreContract('memory', async () => createMemoryStore());
storeCareContract('memory', async () => createMemoryStore());
