import { createApp, type App as Shown } from 'vue'
import userEvent from '@testing-library/user-event'
import { createMemoryHistory } from 'vue-router'
import { vi } from 'vitest'
import App from '../App.vue'
import { makeRouter } from '../router.ts'

const shown: Shown[] = []

type Answer = (request: Request) => Response | Promise<Response>

const site = {
  title: 'Shop',
  description: 'A shop.',
  menu: [{ label: 'Office', url: '/office/' }],
  accountMenu: [{ label: 'Change password', url: '/accounts/password/change/' }],
  signIn: '/accounts/login/',
  signOut: '/accounts/logout/',
}

/** A server that knows the site and the session; what else it answers is the test's own. */
export function serve(answers: Record<string, Answer>): Request[] {
  const requests: Request[] = []
  const known: Record<string, Answer> = {
    'GET /site.json': () => Response.json(site),
    'GET /api/v1/session/': () =>
      Response.json({ csrf_token: 'the token', user: { id: 1, email: 'ada@example.com' } }),
    ...answers,
  }
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(
      new URL(input instanceof Request ? input.url : input, location.href),
      input instanceof Request ? input : init,
    )
    requests.push(request)
    const { pathname } = new URL(request.url)
    const answer = known[`${request.method} ${pathname}`]
    return answer ? await answer(request) : problem(404, 'There is nothing at this address.')
  })
  return requests
}

export function signedOut(): Record<string, Answer> {
  return {
    'GET /site.json': () => Response.json({ ...site, accountMenu: [], signOut: null }),
    'GET /api/v1/session/': () => Response.json({ csrf_token: 'the token', user: null }),
  }
}

export function problem(status: number, detail: string, errors: Record<string, string> = {}) {
  const all = Object.entries(errors).map(([name, text]) => ({ pointer: `/${name}`, detail: text }))
  return Response.json({ title: 'Problem', status, detail, errors: all }, { status })
}

/** Show the site at an address, as a browser does that opens it. */
export async function open(address: string) {
  const router = makeRouter(createMemoryHistory())
  const app = createApp(App).use(router)
  await router.push(address)
  app.mount(document.body.appendChild(document.createElement('div')))
  shown.push(app)
  return { user: userEvent.setup(), router }
}

/** Take what was shown away again. */
export function close(): void {
  for (const app of shown.splice(0)) app.unmount()
  document.body.replaceChildren()
}
