namespace Ensen.Web.Members;

/// <summary>Status codes of pages that have something to say all the same.</summary>
static class PageAnswers
{
    /// <summary>Sets the status when the page is sent. Set any earlier, the framework takes a 404 for "there is no such page" and sends nothing.</summary>
    public static void AnswerAs(this HttpContext http, int status) => http.Response.OnStarting(() =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    });
}
