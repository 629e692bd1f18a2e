import { useRouteLoaderData } from 'react-router'
import type { Session } from './api/client.ts'
import { Page } from './Page.tsx'
import { signInAddress, type Site } from './site.ts'

export function Home() {
  const site = useRouteLoaderData<Site & { session: Session }>('site')!
  const signIn = site.session.user ? null : signInAddress(site)
  return (
    <Page>
      <section className="hero">
        <h1>{site.title}</h1>
        <p className="lead">{site.description}</p>
        {signIn && (
          <p>
            <a className="button" href={signIn}>
              Sign in
            </a>
          </p>
        )}
      </section>
      <section aria-labelledby="next">
        <h2 id="next">It runs. Three steps from here</h2>
        <ol className="cards">
          <li>
            <h3>Make this page yours</h3>
            <p>
              It is <code>frontend/src/Home.tsx</code>, and changes as you save it.
            </p>
          </li>
          <li>
            <h3>Add your first page</h3>
            <p>
              A component, and a line in <code>frontend/src/pages.tsx</code>. <code>README.md</code>{' '}
              says where its data comes from.
            </p>
          </li>
          <li>
            <h3>Put it on a server</h3>
            <p>
              <code>README.md</code> lists the settings, and <code>SECURITY.md</code> what protects
              the site.
            </p>
          </li>
        </ol>
      </section>
    </Page>
  )
}
