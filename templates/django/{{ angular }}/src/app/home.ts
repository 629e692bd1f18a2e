import { Component, computed, inject } from '@angular/core';
import { showTitle, Site } from './site';

@Component({
  selector: 'app-home',
  templateUrl: './home.html',
})
export class Home {
  private readonly site = inject(Site);
  protected readonly known = computed(() => this.site.known()!);
  protected readonly signIn = computed(() =>
    this.known().session.user ? null : this.site.signIn(),
  );

  constructor() {
    showTitle(() => '');
  }
}
