import { computed, effect, inject, resource, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Title } from '@angular/platform-browser';
import { Router } from '@angular/router';
import { filter, fromEvent } from 'rxjs';
import { ApiError, readSession, type Session, unreachable } from '../api/client';

export interface Entry {
  label: string;
  url: string;
}

/** What the server knows of the site, and of who looks at it. */
export interface Told {
  title: string;
  description: string;
  menu: Entry[];
  accountMenu: Entry[];
  signIn: string | null;
  signOut: string | null;
  session: Session;
}

/** The site: asked for once, before anything is shown. Who signs in or out loads the page anew. */
@Service()
export class Site {
  private readonly router = inject(Router);
  readonly resource = resource({ loader: readSite });
  readonly known = computed(() => (this.resource.hasValue() ? this.resource.value() : undefined));

  /** The address of the sign-in that leads back to this page, where the site has one. */
  readonly signIn = computed(() => {
    this.router.lastSuccessfulNavigation(); // the page is another one after each
    const { pathname, search } = window.location;
    const address = this.known()?.signIn;
    return address ? `${address}?next=${encodeURIComponent(pathname + search)}` : null;
  });

  constructor() {
    fromEvent<PageTransitionEvent>(window, 'pageshow')
      .pipe(
        filter(({ persisted }) => persisted),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.reloadForOthers());
  }

  /** Load a page anew that the browser kept for its back button while somebody signed in or out. */
  private async reloadForOthers(): Promise<void> {
    const now = await readSession().catch(() => undefined);
    if (now?.user?.id !== this.known()?.session.user?.id) window.location.reload();
  }
}

async function readSite(): Promise<Told> {
  const asked = fetch('/site.json').catch(() => Promise.reject(unreachable()));
  const [answer, session] = await Promise.all([asked, readSession()]);
  if (!answer.ok) throw new ApiError(answer.status);
  return { ...(await answer.json()), session };
}

/** Name the page in tab and history; called where a component is made. */
export function showTitle(title: () => string): void {
  const shown = inject(Title);
  const site = inject(Site);
  effect(() => shown.setTitle([title(), site.known()?.title].filter(Boolean).join(' · ')));
}

/** Sign out and begin anew: nothing of the former user stays in the page. */
export async function signOut(address: string): Promise<void> {
  const { csrf_token } = await readSession();
  await fetch(address, { method: 'POST', headers: { 'X-CSRFToken': csrf_token } });
  window.location.assign('/');
}
