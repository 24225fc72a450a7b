export default {
  async fetch() {
    return new Response('{"outcome":"done"}');
  },
};
