import { Component, computed, effect, type ElementRef, inject, viewChild } from '@angular/core';
import { Router } from '@angular/router';
import { Site, signOut } from './site';

/** Who is signed in, and the pages of the account; or the way in. */
@Component({
  selector: 'app-account-menu',
  templateUrl: './account-menu.html',
})
export class AccountMenu {
  private readonly site = inject(Site);
  private readonly menu = viewChild<ElementRef<HTMLDetailsElement>>('menu');
  protected readonly known = computed(() => this.site.known()!);
  protected readonly signIn = this.site.signIn;
  protected readonly signOut = signOut;

  constructor() {
    const router = inject(Router);
    effect(() => {
      router.lastSuccessfulNavigation(); // a menu closes with its page
      const menu = this.menu();
      if (menu) menu.nativeElement.open = false;
    });
  }
}
