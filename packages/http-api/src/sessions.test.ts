import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { HttpTestbed } from '@synapse/test/support/http-testbed';

let bed: HttpTestbed;
beforeEach(async () => {
  bed = await HttpTestbed.open();
});
afterEach(() => bed.close());

describe('sessions over HTTP', () => {
  it('are created once for an id, however often the request is repeated', async () => {
    const id = newId();
    const first = await bed.post('/api/sessions', {
      id,
      title: ' Trip to Lisbon ',
      tags: ['travel'],
    });
    expect(first.status).toBe(201);
    expect(first.headers.get('location')).toBe(`/api/sessions/${id}`);
    expect(first.body).toMatchObject({ id, title: 'Trip to Lisbon', tags: ['travel'] });
    const second = await bed.post('/api/sessions', { id, title: 'Trip to Lisbon' });
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    expect((await bed.get('/api/sessions')).body.items).toHaveLength(1);
  });
});
