import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema';

export type Note = components['schemas']['NoteOut'];
export type Session = components['schemas']['Session'];
type Problem = components['schemas']['Problem'];

/** An answer that is no success: the problem document of the server, or its status alone. */
export class ApiError extends Error {
  readonly status: number;
  readonly fields: Record<string, string>;

  constructor(status: number, problem?: Partial<Problem>) {
    super(problem?.detail ?? `The server answered with ${status}.`);
    this.status = status;
    // `/title` is the field `title`; an empty pointer is the whole of what was sent.
    this.fields = Object.fromEntries(
      (problem?.errors ?? []).map(({ pointer, detail }) => [pointer.slice(1), detail]),
    );
  }
}

/** The server did not answer at all. */
export function unreachable(): ApiError {
  return new ApiError(0, {
    detail: 'The server could not be reached. Check your connection, then try again.',
  });
}

const changes = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Fetch the token for each change: while a page was open it may have run out. */
const csrf: Middleware = {
  async onRequest({ request }) {
    if (changes.has(request.method)) {
      request.headers.set('X-CSRFToken', (await readSession()).csrf_token);
    }
    return request;
  },
};

const problems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) {
      throw new ApiError(response.status, await response.json().catch(() => undefined));
    }
  },
  onError({ request, error }) {
    return request.signal.aborted ? (error as Error) : unreachable();
  },
};

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  // Looked up at each call: tests put another one there.
  fetch: (request) => window.fetch(request),
});
api.use(csrf, problems);

/** Tell who is signed in; what is wrong is thrown as an `ApiError`. */
export async function readSession(): Promise<Session> {
  const { data } = await api.GET('/api/v1/session/');
  return data!;
}
