import {
  afterRenderEffect,
  Component,
  computed,
  type ElementRef,
  inject,
  input,
  viewChild,
} from '@angular/core';
import type { ApiError } from '../api/client';
import { Site } from './site';

/** Why a form was not saved, apart from what stands at its fields. */
@Component({
  selector: 'app-rejection',
  templateUrl: './rejection.html',
})
export class Rejection {
  private readonly site = inject(Site);
  private readonly box = viewChild.required<ElementRef<HTMLElement>>('box');
  readonly error = input.required<ApiError>();
  readonly fields = input.required<string[]>();
  protected readonly signIn = computed(() =>
    this.error().status === 401 ? this.site.signIn() : null,
  );
  protected readonly message = computed(() => {
    const { message, status, fields } = this.error();
    const others = Object.entries(fields).filter(([name]) => !this.fields().includes(name));
    if (status === 422 && others.length === 0) return 'Please correct what is marked below.';
    return [message, ...others.map(([name, detail]) => `${name}: ${detail}`)].join(' ');
  });

  constructor() {
    // The button that was pressed was disabled meanwhile, and has lost the focus.
    afterRenderEffect(() => {
      this.error();
      this.box().nativeElement.focus();
    });
  }
}
