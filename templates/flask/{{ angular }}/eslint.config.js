import angular from 'angular-eslint';
import { defineConfig, globalIgnores } from 'eslint/config';
import typescript from 'typescript-eslint';

export default defineConfig([
  globalIgnores(['.angular', 'dist', 'playwright-report', 'src/api/schema.d.ts', 'test-results']),
  {
    files: ['**/*.ts'],
    extends: [
      typescript.configs.strict,
      typescript.configs.stylistic,
      angular.configs.tsRecommended,
    ],
    processor: angular.processInlineTemplates,
    rules: {
      // A component may be all template.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // What is known to be there, such as the data of an answer without an error, is said so.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'Decorator[expression.callee.name="Component"] > CallExpression > ObjectExpression > Property[key.name=/^style(s|Url|Urls)$/]',
          message:
            'The policy of the site blocks styles of components; put them into its stylesheet.',
        },
      ],
    },
  },
  {
    files: ['**/*.html'],
    extends: [angular.configs.templateRecommended, angular.configs.templateAccessibility],
  },
]);
