// Package access answers one question: over HTTP, who asks? It knows API tokens, the tokens of an identity
// provider and the cookies of the console's sessions, lets people sign in and out under /auth/, and says
// which network address somebody came from. What anybody may do is intake's to say.
package access
