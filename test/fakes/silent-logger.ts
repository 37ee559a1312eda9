export { silentLogger } from '@synapse/core';
