import { Component, computed, inject } from '@angular/core';
import { Site, signOut } from './site';

/** Who is signed in, and the pages of the account; or the way in. */
@Component({
  selector: 'app-account-menu',
  templateUrl: './account-menu.html',
})
export class AccountMenu {
  private readonly site = inject(Site);
  protected readonly known = computed(() => this.site.known()!);
  protected readonly signIn = this.site.signIn;
  protected readonly signOut = signOut;
}
