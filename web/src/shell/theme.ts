import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

// Pine for what can be done and for who is in; marigold, the flower of
// welcome, for what wants a look.
const pine: MantineColorsTuple = [
  '#eef7f5', '#dcedea', '#b8dbd5', '#8fc7be', '#69b3a8',
  '#449a8d', '#277c71', '#17675f', '#10544d', '#0a423d',
]
const marigold: MantineColorsTuple = [
  '#fdf6e7', '#faebcd', '#f5d79a', '#efc164', '#e9ad3a',
  '#dd9a1f', '#bd7f12', '#96630c', '#76500f', '#5c3f10',
]
// Greys with a breath of pine, so that the dark scheme is not a black hole.
const dark: MantineColorsTuple = [
  '#dfe6e3', '#b3bfbb', '#8a9894', '#61706b', '#3a4743',
  '#2b3633', '#1e2725', '#141b19', '#0f1514', '#0a0f0e',
]

export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 6 },
  colors: { pine, marigold, dark },
  fontFamily: "'Anek Devanagari Variable', system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '0.8125rem', sm: '0.9375rem', md: '1.0625rem', lg: '1.25rem', xl: '1.5rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.5' },
  headings: {
    fontWeight: '640',
    sizes: {
      h1: { fontSize: '1.875rem', lineHeight: '1.2' },
      h2: { fontSize: '1.375rem', lineHeight: '1.3' },
      h3: { fontSize: '1.125rem', lineHeight: '1.35' },
    },
  },
  defaultRadius: 'md',
  radius: { md: '0.625rem', lg: '1rem' },
  cursorType: 'pointer',
  components: {
    Paper: { defaultProps: { withBorder: true, radius: 'lg' } },
    Modal: {
      defaultProps: { radius: 'lg', centered: true, padding: 'lg' },
      styles: { title: { fontSize: '1.25rem', fontWeight: 640 } },
    },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    NumberInput: { defaultProps: { size: 'md' } },
    Select: { defaultProps: { size: 'md' } },
  },
})

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-default-border': '#e4e1d8',
    '--mantine-color-dimmed': '#5f6b67',
    '--hajir-ground': '#f8f6f1',
  },
  dark: {
    '--mantine-color-body': '#1a2321',
    '--mantine-color-default-border': '#2f3b38',
    '--mantine-color-dimmed': '#98a7a2',
    '--mantine-color-pine-light': 'rgba(68, 154, 141, 0.18)',
    '--mantine-color-pine-light-hover': 'rgba(68, 154, 141, 0.26)',
    '--mantine-color-pine-light-color': '#8fc7be',
    '--mantine-color-marigold-light': 'rgba(221, 154, 31, 0.16)',
    '--mantine-color-marigold-light-color': '#efc164',
    '--mantine-color-gray-light': 'rgba(255, 255, 255, 0.09)',
    '--mantine-color-gray-light-color': '#b3bfbb',
    '--mantine-color-red-light': 'rgba(224, 49, 49, 0.2)',
    '--mantine-color-red-light-color': '#ffa8a8',
    '--hajir-ground': '#121816',
  },
})
