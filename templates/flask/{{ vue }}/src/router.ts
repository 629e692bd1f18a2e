import { createRouter, type Router, type RouterHistory } from 'vue-router'
import DeleteNote from './notes/DeleteNote.vue'
import EditNote from './notes/EditNote.vue'
import NewNote from './notes/NewNote.vue'
import NoteList from './notes/NoteList.vue'
import NotePage from './notes/NotePage.vue'
import HomePage from './HomePage.vue'
import NotFound from './NotFound.vue'

export function makeRouter(history: RouterHistory): Router {
  return createRouter({
    history,
    routes: [
      { path: '/', component: HomePage },
      { path: '/notes/', component: NoteList },
      { path: '/notes/new/', component: NewNote },
      { path: '/notes/:id(\\d+)/', component: NotePage },
      { path: '/notes/:id(\\d+)/edit/', component: EditNote },
      { path: '/notes/:id(\\d+)/delete/', component: DeleteNote },
      { path: '/:anything(.*)*', name: 'not-found', component: NotFound },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
}
