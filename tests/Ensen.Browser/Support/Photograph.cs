using Ensen.Tests.Formats;
using Microsoft.Playwright;

namespace Ensen.Browser.Support;

/// <summary>What a camera would see of a screen: a real screenshot of one element, given to other people's readers.</summary>
static class Photograph
{
    const string Grey = """
        async png => {
          const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
          const canvas = new OffscreenCanvas(image.width, image.height), brush = canvas.getContext('2d');
          brush.drawImage(image, 0, 0);
          const { data } = brush.getImageData(0, 0, image.width, image.height);
          let grey = '';
          for (let i = 0; i < data.length; i += 4) grey += String.fromCharCode(data[i] * 0.299 + data[i + 1] * 0.587 + data[i + 2] * 0.114);
          return [String(image.width), String(image.height), btoa(grey)];
        }
        """;

    public static async Task<Picture> Photo(this ILocator element)
    {
        var png = await element.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled });
        // On a page without a policy: ours would forbid the picture's address.
        var darkroom = await element.Page.Context.NewPageAsync();
        try
        {
            var developed = await darkroom.EvaluateAsync<string[]>(Grey, Convert.ToBase64String(png));
            return Picture.OfPixels(int.Parse(developed[0], null), int.Parse(developed[1], null), Convert.FromBase64String(developed[2]));
        }
        finally
        {
            await darkroom.CloseAsync();
        }
    }
}
