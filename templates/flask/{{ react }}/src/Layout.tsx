import { useEffect, useRef } from 'react'
import {
  Link,
  matchRoutes,
  NavLink,
  Outlet,
  ScrollRestoration,
  useLoaderData,
  useLocation,
  useNavigation,
} from 'react-router'
import type { Session } from './api/client.ts'
import { pages } from './pages.tsx'
import { signInAddress, signOut, type Entry, type Site } from './site.ts'

/** The frame of all pages: the bar with its menu, the content, the line at the bottom. */
export function Layout() {
  const site = useLoaderData<Site & { session: Session }>()
  const content = useFocusOnNavigation()
  const waiting = useNavigation().state === 'loading'
  return (
    <>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <header className="bar">
        <Link className="brand" to="/">
          {site.title}
        </Link>
        <nav aria-label="Main">
          {site.menu.map((entry) => (
            <MenuEntry key={entry.url} entry={entry} />
          ))}
          <Account site={site} />
        </nav>
      </header>
      <main id="content" tabIndex={-1} ref={content} aria-busy={waiting}>
        <Outlet />
      </main>
      <footer>{site.title}</footer>
      <ScrollRestoration />
    </>
  )
}

/** A link of the menu: within this front end, or to a page that the server makes. */
function MenuEntry({ entry }: { entry: Entry }) {
  if (matchRoutes(pages, entry.url)) return <NavLink to={entry.url}>{entry.label}</NavLink>
  return <a href={entry.url}>{entry.label}</a>
}

function Account({ site }: { site: Site & { session: Session } }) {
  const { user } = site.session
  const { signOut: address } = site
  // Drawn for each page: the address to come back to is its own, and its menu is closed.
  const { pathname } = useLocation()
  if (!user) {
    const address = signInAddress(site)
    return address && <a href={address}>Sign in</a>
  }
  return (
    <details className="menu" key={pathname}>
      <summary>{user.email}</summary>
      <div>
        {site.accountMenu.map((entry) => (
          <a key={entry.url} href={entry.url}>
            {entry.label}
          </a>
        ))}
        {address && (
          <button className="link" type="button" onClick={() => void signOut(address)}>
            Sign out
          </button>
        )}
      </div>
    </details>
  )
}

/** Put the focus on the content of a new page, as a browser does when it loads one. */
function useFocusOnNavigation() {
  const content = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const last = useRef(pathname)
  useEffect(() => {
    if (last.current !== pathname) {
      last.current = pathname
      content.current?.focus({ preventScroll: true })
    }
  }, [pathname])
  return content
}

/** What is seen until the server has told of the site. */
export function Loading() {
  return (
    <main>
      <p role="status">Loading…</p>
    </main>
  )
}
