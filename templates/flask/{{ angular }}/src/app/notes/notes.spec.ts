import { screen, within } from '@testing-library/dom';
import { afterEach, expect, test, vi } from 'vitest';
import { open, problem, serve } from '../../testing/site';

const milk = { id: 1, title: 'Milk', text: 'Two bottles\n\nCold', created: '2026-01-31T12:00:00Z' };
const list = (...items: object[]) => Response.json({ items, count: items.length });

afterEach(() => {
  vi.unstubAllGlobals();
});

test('lists the notes, under the title of the site', async () => {
  serve({ 'GET /api/v1/notes/': () => list(milk) });
  open('/notes/');
  expect(screen.getByRole('status').textContent).toBe('Loading…');
  const link = await screen.findByRole('link', { name: 'Milk' });
  expect(link.getAttribute('href')).toBe('/notes/1/');
  expect(screen.getByText('31 January 2026')).toBeDefined();
  expect(document.title).toBe('Notes · Shop');
});

test('says that there is none yet', async () => {
  serve({ 'GET /api/v1/notes/': () => list() });
  open('/notes/');
  expect(await screen.findByText('No notes yet.')).toBeDefined();
  expect(screen.getByRole('link', { name: 'Write the first one' })).toBeDefined();
});

test('leads from page to page', async () => {
  const requests = serve({
    'GET /api/v1/notes/': () => Response.json({ items: [milk], count: 41 }),
  });
  const { user } = open('/notes/?page=2');
  await user.click(await screen.findByRole('link', { name: 'Next' }));
  expect(await screen.findByText('Page 3 of 3')).toBeDefined();
  expect(screen.queryByRole('link', { name: 'Next' })).toBeNull();
  const asked = requests
    .map(({ url }) => new URL(url))
    .filter((url) => url.pathname.endsWith('/notes/'));
  expect(asked.map((url) => url.searchParams.get('offset'))).toEqual(['20', '40']);
});

test('writes a note, with the token of the session', async () => {
  const requests = serve({
    'GET /api/v1/notes/1/': () => Response.json(milk),
    'POST /api/v1/notes/': () => Response.json(milk, { status: 201 }),
  });
  const { user, location } = open('/notes/new/');
  await user.type(await screen.findByLabelText('Title'), 'Milk');
  await user.type(screen.getByLabelText('Text'), 'Two bottles');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByRole('heading', { name: 'Milk' });
  expect(location.pathname).toBe('/notes/1/');
  const sent = requests.find(({ method }) => method === 'POST')!;
  expect(sent.headers.get('X-CSRFToken')).toBe('the token');
  expect(await sent.json()).toEqual({ title: 'Milk', text: 'Two bottles' });
});

test('shows what the server says at the field, and keeps what was typed', async () => {
  serve({
    'GET /api/v1/notes/1/': () => Response.json(milk),
    'PATCH /api/v1/notes/1/': () => problem(422, 'Not valid.', { title: 'Not blank.' }),
  });
  const { user } = open('/notes/1/edit/');
  await user.type(await screen.findByLabelText('Text'), ', please');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('Not blank.')).toBeDefined();
  expect(document.activeElement).toBe(screen.getByRole('alert'));
  const title = screen.getByLabelText('Title');
  expect(title.getAttribute('aria-invalid')).toBe('true');
  expect(document.getElementById(title.getAttribute('aria-describedby')!)?.textContent).toBe(
    'Not blank.',
  );
  expect(screen.getByLabelText<HTMLTextAreaElement>('Text').value).toContain(', please');
  expect(document.title).toBe('Error: Edit note · Shop');
});

test('keeps a text when the session has ended, and leads to the sign-in', async () => {
  let note = () => Response.json(milk);
  const refuse = () => problem(401, 'Sign in first.');
  serve({ 'GET /api/v1/notes/1/': () => note(), 'PATCH /api/v1/notes/1/': refuse });
  const { user } = open('/notes/1/edit/');
  await user.type(await screen.findByLabelText('Text'), ', please');
  note = refuse;
  await user.click(screen.getByRole('button', { name: 'Save' }));
  const alert = await screen.findByRole('alert');
  const link = within(alert).getByRole('link');
  expect(link.getAttribute('href')).toMatch(/^\/accounts\/login\/\?next=/);
  expect(screen.getByLabelText<HTMLTextAreaElement>('Text').value).toContain(', please');
});

test('deletes a note after asking', async () => {
  const requests = serve({
    'GET /api/v1/notes/': () => list(),
    'GET /api/v1/notes/1/': () => Response.json(milk),
    'DELETE /api/v1/notes/1/': () => new Response(null, { status: 204 }),
  });
  const { user } = open('/notes/1/');
  await user.click(await screen.findByRole('link', { name: 'Delete this note' }));
  expect(await screen.findByText('It cannot be brought back.')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Delete' }));
  expect(await screen.findByText('No notes yet.')).toBeDefined();
  expect(requests.some(({ method }) => method === 'DELETE')).toBe(true);
});

test.each(['/notes/7/', '/notes/x/'])('%s is not found', async (address) => {
  serve({});
  open(address);
  expect(
    await screen.findByText('There is nothing at this address. Check its spelling.'),
  ).toBeDefined();
  expect(document.title).toBe('Not found · Shop');
});

test('says what went wrong', async () => {
  serve({ 'GET /api/v1/notes/': () => problem(429, 'Too many requests.') });
  open('/notes/');
  expect((await screen.findByRole('alert')).textContent).toContain('Too many requests.');
});

test('keeps a text when the server cannot be reached', async () => {
  serve({ 'POST /api/v1/notes/': () => Promise.reject(new TypeError('Failed to fetch')) });
  const { user } = open('/notes/new/');
  await user.type(await screen.findByLabelText('Title'), 'Milk');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect((await screen.findByRole('alert')).textContent).toContain('could not be reached');
  expect(screen.getByLabelText<HTMLInputElement>('Title').value).toBe('Milk');
});
