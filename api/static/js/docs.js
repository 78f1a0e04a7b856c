// The documentation of the API, from this server alone.
const place = document.querySelector("#docs");

window.SwaggerUIBundle({ url: place.dataset.openapi, domNode: place, deepLinking: true, defaultModelsExpandDepth: 0, validatorUrl: null });
