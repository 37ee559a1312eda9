export { isProcessAlive, thisProcess } from '@synapse/core';
