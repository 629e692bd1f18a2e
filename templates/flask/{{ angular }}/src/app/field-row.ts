import { Component, computed, Directive, inject, input } from '@angular/core';
import type { FieldTree, ValidationError } from '@angular/forms/signals';
import type { ApiError } from '../api/client';

/** One control with its label, and above it what the server says of what was entered. */
@Component({
  selector: 'div[appFieldRow]',
  template: `
    <label [for]="id()">{{ label() }}</label>
    @if (error(); as error) {
      <p class="errorlist" [id]="errorId()">{{ error }}</p>
    }
    <ng-content />
  `,
})
export class FieldRow {
  readonly field = input.required<FieldTree<unknown>>();
  readonly label = input.required<string>();
  readonly id = computed(() => this.field()().name());
  readonly errorId = computed(() => `${this.id()}-error`);
  readonly error = computed(() => {
    const found = this.field()()
      .errors()
      .find(({ message }) => message);
    return found?.message;
  });
}

/** Ties a control to the label and the error of the row in which it stands. */
@Directive({
  selector: 'input[formField], select[formField], textarea[formField]',
  host: {
    '[id]': 'row.id()',
    '[attr.aria-invalid]': 'row.error() ? true : null',
    '[attr.aria-describedby]': 'row.error() ? row.errorId() : null',
  },
})
export class RowControl {
  protected readonly row = inject(FieldRow);
}

/** What the server says of single fields, each at its own, as the action of a form returns it. */
export function atFields<T extends object>(
  form: FieldTree<T>,
  error: ApiError,
): ValidationError.WithOptionalFieldTree[] {
  const fields = form as unknown as Record<string, FieldTree<unknown> | undefined>;
  return Object.entries(error.fields).flatMap(([name, message]) => {
    const fieldTree = fields[name];
    return fieldTree ? [{ kind: 'server', message, fieldTree }] : [];
  });
}
