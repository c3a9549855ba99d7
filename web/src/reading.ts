// The pages to read have the theme that was chosen in the playground. Without
// this script, and until something is chosen, it is the system's.

import { followTheme } from './theme';

followTheme();
