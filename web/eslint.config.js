import js from '@eslint/js'
import hooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist', 'src/api/schema.d.ts', 'test-results'] },
  js.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}', 'build/*.ts', 'vite.config.ts'],
    extends: [...ts.configs.strictTypeChecked, hooks.configs.flat['recommended-latest']],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // The router's redirect() is made to be thrown.
      '@typescript-eslint/only-throw-error': [
        'error',
        { allow: [{ from: 'package', package: '@tanstack/router-core', name: 'Redirect' }] },
      ],
      // A promise as an event handler is fine where its failure is shown by the mutation.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    // Dates are written and asked for by the calendar that the reader chose.
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/clock/**', 'src/**/*.test.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'nepali-date-converter', message: 'Convert dates with src/clock.' },
            { name: 'dayjs', message: 'Write and reckon dates with src/clock.' },
            {
              name: '@mantine/dates',
              allowImportNames: ['TimeInput', 'TimePicker', 'TimeGrid', 'TimeValue'],
              message: 'Ask for dates with DateField, DateRangeField or MonthField of src/clock/date-field.',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='Intl'][property.name=/^(DateTimeFormat|RelativeTimeFormat)$/]",
          message: 'Write dates and times with src/clock/clock.ts.',
        },
        {
          selector: 'CallExpression > MemberExpression[property.name=/^toLocale(Date|Time)String$|^to(Date|Time)String$/]',
          message: 'Write dates and times with src/clock/clock.ts.',
        },
        {
          selector: "CallExpression > MemberExpression[object.type='NewExpression'][object.callee.name='Date'][property.name='toLocaleString']",
          message: 'Write dates and times with src/clock/clock.ts.',
        },
        {
          selector: "JSXAttribute[name.name='type'][value.value=/^(date|month|week|datetime-local)$/]",
          message: 'Ask for dates with DateField, DateRangeField or MonthField of src/clock/date-field.',
        },
      ],
    },
  },
  {
    files: ['e2e/**/*.mjs', 'eslint.config.js', 'public/*.js'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
)
