export default {
  title: 'Who may deploy',
  url: 'https://docs.example.com',
  baseUrl: '/',
  onBrokenLinks: 'throw',
  scripts: [{ src: 'https://sts.example.com/v1/embed.js', type: 'module' }],
  presets: [['classic', { docs: { routeBasePath: '/', sidebarPath: undefined }, blog: false, pages: false, theme: {} }]],
};
