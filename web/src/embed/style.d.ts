/** The page's style sheet, made for a shadow tree by the build. */
declare module 'embed-style' {
  const css: string;
  export default css;
}
