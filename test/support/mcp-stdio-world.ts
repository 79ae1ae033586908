import { logger } from '../../src/log/logger.ts';
import { serveMcpStdio } from '../../src/mcp/stdio.ts';
import { createWorld } from './doors-world.ts';

// The stdio door of a world, as a program that a test client starts.
const world = createWorld();
const log = logger('stdio-world', 'info', 'stderr');
log.info('ready');
serveMcpStdio({ ports: world.ports, log, version: '0.0.0' }, world.agent.key);
