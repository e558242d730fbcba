namespace Ensen.Ui;

/// <summary>Serves the drawn shop pictures. An address names all that decides the picture, so it may be kept for a year.</summary>
public static class SceneAddress
{
    public static void MapScenes(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/scenes/{category}-{seed:int:range(0,23)}.svg", (string category, int seed, HttpContext http) =>
        {
            if (!SceneArt.Categories.Contains(category))
                return Results.NotFound();

            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.Text(SceneArt.Svg(category, seed), "image/svg+xml");
        });
}
