import { describe, expect, it } from '@jest/globals';
import { anthropicRequestProblems } from './anthropic-request-problems.ts';
import {
  chatRequestProblems,
  GEMINI_RULES,
  KIMI_RULES,
  MISTRAL_RULES,
  ONE_CALL_RULES,
  OPENAI_CHAT_RULES,
} from './chat-request-problems.ts';
import { imageProblems } from './image-problems.ts';
import type { Json } from './problems.ts';
import { responsesRequestProblems } from './responses-request-problems.ts';
import {
  ANTHROPIC_SEALING,
  DETAILS_SEALING,
  GEMINI_SEALING,
  KIMI_SEALING,
  RESPONSES_SEALING,
  SealLedger,
  SIGNATURE_OF_OTHERS,
} from './seals.ts';
import { toolSchemaProblems } from './tool-schema-problems.ts';

// The judges are judged: a body that is fine, and for each rule one that breaks it.

const user = (content: unknown = 'Hello') => ({ role: 'user', content });
const half = 'a\ud83d';

describe('anthropicRequestProblems', () => {
  const call = { type: 'tool_use', id: 'a', name: 'read', input: {} };
  const result = { type: 'tool_result', tool_use_id: 'a', content: [] as Json[] };
  const said = (...content: Json[]) => ({ role: 'assistant', content });
  const thought = { type: 'thinking', thinking: 'Hm', signature: 'c2ln' };
  const text = { type: 'text', text: 'Hi' };
  const image = (media_type: string, data = 'AQID') => ({
    type: 'image',
    source: { type: 'base64', media_type, data },
  });
  const body = (messages: Json[], more: Json = {}) => ({
    model: 'm',
    max_tokens: 10,
    messages,
    ...more,
  });

  it('finds nothing in a body that is fine', () => {
    const messages = [user(), said(thought, text, call), user([result, image('image/png')])];
    expect(anthropicRequestProblems(body(messages))).toEqual([]);
  });

  it.each<[string, Json]>([
    ['at least one message', body([])],
    ['first message', body([said(text), user()])],
    ['prefill', body([user(), said(text)])],
    ['non-empty content', body([user([])])],
    ['non-whitespace', body([user(' ')])],
    ['ill-formed', body([user(half)])],
    ['tool_use without tool_result', body([user(), said(call), user()])],
    ['unexpected tool_use_id', body([user([result])])],
    ['multiple results', body([user(), said(call), user([result, result])])],
    ['must come first', body([user(), said(call), user([text, result])])],
    ['unique', body([user(), said(call), user([result]), said(call), user([result])])],
    ['tool_use.id', body([user(), said({ ...call, id: 'a b' }), user()])],
    ['tool_use.name', body([user(), said({ ...call, name: '' }), user([result])])],
    ['dictionary', body([user(), said({ ...call, input: '{}' }), user([result])])],
    ['final block', body([user(), said(text, thought), user()])],
    ['signature', body([user(), said({ ...thought, signature: '' }, text), user()])],
    ['redacted_thinking', body([user(), said({ type: 'redacted_thinking' }, text), user()])],
    ['media_type', body([user([image('image/bmp')])])],
    ['source.data', body([user([image('image/png', '')])])],
    [
      'only text',
      body([
        user(),
        said(call),
        user([{ ...result, is_error: true, content: [image('image/png')] }]),
      ]),
    ],
    ['budget', body([user()], { thinking: { type: 'enabled', budget_tokens: 2000 } })],
    ['temperature', body([user()], { thinking: { type: 'adaptive' }, temperature: 0.5 })],
    ['of type object', body([user()], { tools: [{ name: 'a', input_schema: {} }] })],
    [
      'anyOf at the top',
      body([user()], { tools: [{ name: 'a', input_schema: { type: 'object', anyOf: [] } }] }),
    ],
    [
      'property $ref',
      body([user()], {
        tools: [{ name: 'a', input_schema: { type: 'object', properties: { $ref: {} } } }],
      }),
    ],
    ['max_tokens', body([user()], { max_tokens: 0 })],
    [
      'cache_control',
      body([user(Array.from({ length: 5 }, () => ({ ...text, cache_control: {} })))]),
    ],
  ])('finds what breaks the rule of %s', (rule, broken) => {
    expect(anthropicRequestProblems(broken).join()).toContain(rule);
  });
});

describe('chatRequestProblems', () => {
  const call = { id: 'abc123456', type: 'function', function: { name: 'read', arguments: '{}' } };
  const calls = (...tool_calls: Json[]) => ({ role: 'assistant', content: null, tool_calls });
  const result = { role: 'tool', tool_call_id: 'abc123456', content: 'ok' };
  const said = { role: 'assistant', content: 'Hi' };
  const body = (...messages: Json[]) => ({ model: 'm', messages });
  const tool = (parameters: Json) => ({ type: 'function', function: { name: 'a', parameters } });

  it('finds nothing in a body that is fine', () => {
    const fine = body({ role: 'system', content: 'x' }, user(), said, user(), calls(call), result);
    expect(chatRequestProblems(fine, OPENAI_CHAT_RULES)).toEqual([]);
    expect(chatRequestProblems(fine, MISTRAL_RULES)).toEqual([]);
  });

  it.each<[string, Json]>([
    ['nothing to answer', body()],
    ['nothing to answer', body(user(), said)],
    ['user after user', body(user(), user())],
    ['assistant there', body(said, user())],
    ['content', body(user([]))],
    [
      'content',
      body(user([{ type: 'image_url', image_url: { url: 'data:image/bmp;base64,AQID' } }])),
    ],
    ['ill-formed', body(user(half))],
    ['without a response', body(user(), calls(call), user())],
    ['without a response', body(user(), calls(call))],
    ['no tool call asked', body(user(), result)],
    ['no tool call asked', body(user(), calls(call), result, result)],
    ['again', body(user(), calls(call), result, calls(call), result)],
    ['id of a call', body(user(), calls({ ...call, id: 'x'.repeat(41) }))],
    ['name of a function', body(user(), calls({ ...call, function: { name: 'a.b' } }))],
    ['arguments', body(user(), calls({ ...call, function: { name: 'a', arguments: '[' } }))],
    ['neither content', body(user(), { role: 'assistant', content: null }, user())],
    ['blank content', body(user(), { role: 'assistant', content: '' }, user())],
    ['role', body(user(), { role: 'system', content: 'x' }, user())],
    ['too short', { ...body(user()), tools: [] }],
    ['of type object', { ...body(user()), tools: [tool({})] }],
    ['missing properties', { ...body(user()), tools: [tool({ type: 'object' })] }],
    ['allOf at the top', { ...body(user()), tools: [tool({ type: 'object', allOf: [] })] }],
  ])('finds what breaks the rule of %s', (rule, broken) => {
    expect(chatRequestProblems(broken, OPENAI_CHAT_RULES).join()).toContain(rule);
  });

  it('takes texts in parts, but nothing else where only a text can be', () => {
    const part = { type: 'text', text: 'x' };
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } };
    const asked = (content: Json[]) =>
      chatRequestProblems(body({ role: 'system', content }, user([part])), OPENAI_CHAT_RULES);
    expect(asked([part])).toEqual([]);
    expect(asked([image]).join()).toContain('content');
    expect(asked([]).join()).toContain('content');
  });

  it('knows what Mistral refuses besides', () => {
    const short = { ...call, id: 'a' };
    const answer = { ...result, tool_call_id: 'a' };
    const problems = chatRequestProblems(body(user(), calls(short), answer, user()), MISTRAL_RULES);
    expect(problems.join()).toContain('id of a call');
    expect(problems.join()).toContain('user after tool');
  });

  it('knows what Gemini refuses besides', () => {
    const signed = { ...call, extra_content: { google: { thought_signature: 'c2ln' } } };
    const second = { ...call, id: 'abc1234567' };
    const results = [result, { ...result, tool_call_id: second.id }];
    const problemsOf = (...messages: Json[]) =>
      chatRequestProblems(body(user(), ...messages), GEMINI_RULES);
    expect(problemsOf(calls(call), result).join()).toContain('missing a thought_signature');
    expect(problemsOf(calls(second, signed), ...results).join()).toContain('missing a thought');
    expect(problemsOf(calls(signed, second), ...results)).toEqual([]);
    expect(problemsOf(calls(call), result, said, user())).toEqual([]);
  });

  it('knows that some models take one call at a time', () => {
    const second = { ...call, id: 'abc1234567' };
    const results = [result, { ...result, tool_call_id: second.id }];
    const both = body(user(), calls(call, second), ...results);
    expect(chatRequestProblems(both, ONE_CALL_RULES).join()).toContain('single tool-calls');
    const single = body(user(), calls(call), results[0]!, calls(second), results[1]!);
    expect(chatRequestProblems(single, ONE_CALL_RULES)).toEqual([]);
  });

  it('knows what Kimi refuses besides', () => {
    const problemsOf = (reasoning: Json) =>
      chatRequestProblems(body(user(), { ...calls(call), ...reasoning }, result), KIMI_RULES);
    for (const reasoning of [{}, { reasoning_content: '' }, { reasoning: 'Hm' }]) {
      expect(problemsOf(reasoning).join()).toContain('reasoning_content is missing');
    }
    expect(problemsOf({ reasoning_content: ' ' })).toEqual([]);
    expect(chatRequestProblems(body(user(), said, user()), KIMI_RULES)).toEqual([]);
  });
});

describe('responsesRequestProblems', () => {
  const call = { type: 'function_call', call_id: 'a', name: 'read', arguments: '{}' };
  const result = { type: 'function_call_output', call_id: 'a', output: 'ok' };
  const thought = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'ZW5j' };
  const said = { role: 'assistant', content: 'Hi' };
  const body = (...input: Json[]) => ({ model: 'm', store: false, input });
  const tool = (parameters: Json) => ({ type: 'function', name: 'a', parameters });

  it('finds nothing in a body that is fine', () => {
    const told = { ...said, phase: 'commentary' };
    const fine = body(user(), thought, told, user(), { ...thought, id: 'rs_2' }, call, result);
    expect(responsesRequestProblems(fine)).toEqual([]);
  });

  it.each<[string, Json]>([
    ['empty', body()],
    ['nothing to answer', body(user(), said)],
    ['message', body(user(' '))],
    ['phase', body(user(), { ...said, phase: 'x' }, user())],
    ['phase', body({ ...user(), phase: 'commentary' })],
    ['message', body(user([{ type: 'output_text', text: 'x' }]))],
    ['message', body({ role: 'assistant', content: [{ type: 'input_text', text: 'x' }] }, user())],
    ['ill-formed', body(user(half))],
    ['following item', body(user(), thought, user())],
    ['without its content', body(user(), { ...thought, encrypted_content: '' }, said, user())],
    ['id of reasoning', body(user(), { ...thought, id: '' }, said, user())],
    ['summary', body(user(), { ...thought, summary: ['Hm'] }, said, user())],
    ['duplicate', body(user(), thought, said, user(), thought, said, user())],
    ['no tool output', body(user(), call, user())],
    ['no tool call', body(user(), result)],
    ['again', body(user(), call, result, call, result)],
    ['call_id', body(user(), { ...call, call_id: 'a b' }, result)],
    ['arguments', body(user(), { ...call, arguments: '' }, result)],
    ['output', body(user(), call, { ...result, output: '' })],
    ['store', { ...body(user()), store: true }],
    ['missing properties', { ...body(user()), tools: [tool({ type: 'object' })] }],
    ['oneOf at the top', { ...body(user()), tools: [tool({ type: 'object', oneOf: [] })] }],
  ])('finds what breaks the rule of %s', (rule, broken) => {
    expect(responsesRequestProblems(broken).join()).toContain(rule);
  });
});

describe('imageProblems', () => {
  it('finds an image wherever a dialect puts it', () => {
    const image = { type: 'image', source: {} };
    expect(imageProblems({ messages: [user([image])] })).toHaveLength(1);
    expect(
      imageProblems({ messages: [user([{ type: 'tool_result', content: [image] }])] }),
    ).toHaveLength(1);
    expect(
      imageProblems({ messages: [user([{ type: 'image_url', image_url: {} }])] }),
    ).toHaveLength(1);
    expect(imageProblems({ input: [user([{ type: 'input_image' }])] })).toHaveLength(1);
    expect(imageProblems({ messages: [user('an image')] })).toEqual([]);
  });
});

describe('SealLedger', () => {
  const said = (...content: Json[]) => ({ role: 'assistant', content });
  const text = { type: 'text', text: 'Hi' };

  it('knows what signed thinking of Anthropic is bound to', () => {
    const ledger = new SealLedger(ANTHROPIC_SEALING);
    const asked: Json = { model: 'm', system: [text], tools: [], messages: [user()] };
    const signature = ledger.issue(asked, 'Hm');
    const thought = { type: 'thinking', thinking: 'Hm', signature };
    const next = (more: Json = {}, ...messages: Json[]) => ({
      ...asked,
      messages: messages.length > 0 ? messages : [user(), said(thought, text), user()],
      ...more,
    });
    const marked = { ...text, cache_control: { type: 'ephemeral' } };
    expect(ledger.problems(next())).toEqual([]);
    expect(ledger.problems(next({ system: [marked] }))).toEqual([]);
    const others = [
      next({ model: 'n' }),
      next({ system: [] }),
      next({ tools: [{ name: 'read' }] }),
      next({}, user('Hullo'), said(thought, text), user()),
      next({}, user(), said(text, thought, text), user()),
    ];
    for (const other of others)
      expect(ledger.problems(other).join()).toContain('another conversation');
    const changed = said({ ...thought, thinking: 'Hum' }, text);
    expect(ledger.problems(next({}, user(), changed, user())).join()).toContain('something else');
    const forged = said({ type: 'redacted_thinking', data: 'x' }, text);
    expect(ledger.problems(next({}, user(), forged, user())).join()).toContain('never given out');
  });

  it('knows what reasoning of the Responses API is bound to', () => {
    const ledger = new SealLedger(RESPONSES_SEALING);
    const asked: Json = { model: 'm', input: [user()] };
    const sealed = { type: 'reasoning', summary: [], encrypted_content: ledger.issue(asked, '') };
    const answered = { ...asked, input: [user(), sealed, said(text), user()] };
    expect(ledger.problems(answered)).toEqual([]);
    expect(ledger.problems({ ...answered, instructions: 'x' }).join()).toContain('another');
  });

  it('knows what the reasoning details of a router are bound to', () => {
    const ledger = new SealLedger(DETAILS_SEALING);
    const asked: Json = { model: 'm', messages: [user()] };
    const detail = { type: 'reasoning.text', text: 'Hm', signature: ledger.issue(asked, 'Hm') };
    const answer = { role: 'assistant', content: 'Hi', reasoning_details: [detail] };
    expect(ledger.problems({ ...asked, messages: [user(), answer, user()] })).toEqual([]);
    const marked = { type: 'text', text: 'Hello', cache_control: { type: 'ephemeral' } };
    expect(ledger.problems({ ...asked, messages: [user([marked]), answer, user()] })).toEqual([]);
    const shorter = { ...asked, messages: [user('x'), answer, user()] };
    expect(ledger.problems(shorter).join()).toContain('another conversation');
  });

  it('knows the calls that Gemini has signed', () => {
    const ledger = new SealLedger(GEMINI_SEALING);
    const asked: Json = { model: 'm', messages: [user()] };
    const google = { thought_signature: ledger.issue(asked, 'a') };
    const behind = (input: string, extra_content: Json = { google }, model = 'm') => ({
      model,
      messages: [
        user(),
        { role: 'assistant', tool_calls: [{ function: { arguments: input }, extra_content }] },
      ],
    });
    expect(ledger.problems(behind('a'))).toEqual([]);
    expect(ledger.problems(behind('b')).join()).toContain('something else');
    expect(ledger.problems(behind('a', { google }, 'n')).join()).toContain('another');
    expect(ledger.lost(behind('a'))).toEqual([]);
    expect(ledger.lost(behind('b', {}))).toEqual([]);
    for (const lost of [{}, { google: { thought_signature: SIGNATURE_OF_OTHERS } }]) {
      expect(ledger.problems(behind('a', lost))).toEqual([]);
      expect(ledger.lost(behind('a', lost)).join()).toContain('the seal on a is lost');
      expect(ledger.lost(behind('a', lost, 'n'))).toEqual([]);
    }
  });
});

describe('toolSchemaProblems', () => {
  const items = { type: 'array', items: { $ref: '#/$defs/a' } };
  const fine = { type: 'object', properties: { enum: items }, $defs: { a: { enum: [1] } } };

  it('finds nothing in a schema that is fine', () => {
    expect(toolSchemaProblems(fine)).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['of type object', { properties: {} }],
    ['missing properties', { type: 'object' }],
    ['oneOf at the top', { ...fine, oneOf: [{}] }],
    ['draft 2020-12', { ...fine, properties: { a: { minimum: 1, exclusiveMinimum: true } } }],
    ['draft 2020-12', { ...fine, properties: { a: { type: 'array', items: [{}] } } }],
    ['missing items', { ...fine, properties: { a: { anyOf: [{ type: ['array', 'null'] }] } } }],
    ['older draft', { ...fine, definitions: {} }],
    ['unresolvable', { ...fine, properties: { a: { $ref: '#/$defs/b' } } }],
    ['unresolvable', { ...fine, properties: { a: { $ref: '#/definitions/a' } } }],
  ])('finds what breaks the rule of %s', (rule, broken) => {
    expect(toolSchemaProblems(broken).join()).toContain(rule);
    const tool = { type: 'function', name: 'do', parameters: broken };
    const chat = { model: 'm', messages: [user()], tools: [{ type: 'function', function: tool }] };
    expect(chatRequestProblems(chat, OPENAI_CHAT_RULES).join()).toContain(rule);
    const input = [user()];
    const responses = { model: 'm', store: false, input, tools: [tool] };
    expect(responsesRequestProblems(responses).join()).toContain(rule);
  });
});

describe('checkStrictSchema', () => {
  const closed = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
  const fine = { ...closed, additionalProperties: false };
  const found = (schema: Json) => {
    const format = { type: 'json_schema', name: 'x', schema, strict: true };
    const chat = { model: 'm', messages: [user()], response_format: { json_schema: format } };
    const responses = { model: 'm', store: false, input: [user()], text: { format } };
    const problems = responsesRequestProblems(responses);
    expect(chatRequestProblems(chat, OPENAI_CHAT_RULES)).toEqual(problems);
    return problems.join();
  };

  it('finds nothing in a schema that can be guaranteed', () => {
    expect(found(fine)).toBe('');
  });

  it.each<[string, Json]>([
    ['object at the root', { type: 'array', items: fine }],
    ['anyOf at the root', { ...fine, anyOf: [fine] }],
    ["'oneOf' is not permitted", { ...fine, properties: { a: { oneOf: [fine] } } }],
    ['cannot have keywords', { ...fine, properties: { a: { $ref: '#', title: 'x' } } }],
    ["a 'type' key", { ...fine, properties: { a: {} } }],
    ['additionalProperties must be false', closed],
    ['name every property', { ...fine, required: [] }],
  ])('finds what breaks the rule of %s', (rule, broken) => {
    expect(found(broken)).toContain(rule);
  });

  it('knows the thoughts that Kimi had before its calls', () => {
    const ledger = new SealLedger(KIMI_SEALING);
    const reasoning_content = ledger.issue({ model: 'm' }, '{}');
    const messages = [
      { ...{ reasoning_content }, tool_calls: [{ function: { arguments: '{}' } }] },
    ];
    expect(ledger.problems({ model: 'm', messages })).toEqual([]);
    expect(ledger.lost({ model: 'm', messages })).toEqual([]);
    const without = { model: 'm', messages: [{ ...messages[0], reasoning_content: ' ' }] };
    expect(ledger.lost(without).join()).toContain('is lost');
  });
});

describe('checkAnthropicAnswerSchema', () => {
  const fine = { type: 'object', properties: {}, additionalProperties: false };
  const found = (schema: Json) => {
    const output_config = { format: { type: 'json_schema', schema } };
    const body = { model: 'm', max_tokens: 1, messages: [user()], output_config };
    return anthropicRequestProblems(body).join();
  };

  it('finds nothing in a schema that can be guaranteed', () => {
    expect(found(fine)).toBe('');
  });

  it.each<[string, Json]>([
    ['minimum', { ...fine, properties: { a: { type: 'integer', minimum: 0 } } }],
    ['type is missing', { ...fine, properties: { a: {} } }],
    ['minItems', { ...fine, properties: { a: { type: 'array', items: fine, minItems: 2 } } }],
    ['format', { ...fine, properties: { a: { type: 'string', format: 'iri' } } }],
    ['items', { ...fine, properties: { a: { type: 'array' } } }],
    ['additionalProperties', { type: 'object', properties: {} }],
    ['recursive', { $ref: '#/$defs/a', $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } } }],
  ])('finds what breaks the rule of %s', (rule, broken) => {
    expect(found(broken)).toContain(rule);
  });
});
