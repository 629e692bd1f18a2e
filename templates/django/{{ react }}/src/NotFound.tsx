import { Link } from 'react-router'
import { Page } from './Page.tsx'

export function NotFound() {
  return (
    <Page title="Not found">
      <div className="error">
        <p className="status" aria-hidden="true">
          404
        </p>
        <h1>Not found</h1>
        <p>There is nothing at this address. Check its spelling.</p>
        <p className="actions">
          <Link className="button" to="/">
            Go to the front page
          </Link>
        </p>
      </div>
    </Page>
  )
}
