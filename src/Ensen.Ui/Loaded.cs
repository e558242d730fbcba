using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Ensen.Ui;

/// <summary>
/// A page, or a piece of one, that shows what it first has to ask for: it loads, then it is drawn, and never before. The framework's own
/// base draws as soon as a query waits, with whatever is there by then; here nothing is drawn until <see cref="Load"/> has ended. A page
/// answers no form: see <see cref="PageForms"/>. The status and where else to go are decided in <see cref="Load"/> too.
/// </summary>
public abstract class Loaded : IComponent
{
    RenderHandle _place;

    [CascadingParameter] protected HttpContext Http { get; set; } = null!;

    /// <summary>Fills whatever the drawing needs. Asked again when the page around a piece gives it something else.</summary>
    protected abstract Task Load(CancellationToken ct);

    /// <summary>What the markup of the file becomes.</summary>
    protected abstract void BuildRenderTree(RenderTreeBuilder builder);

    /// <summary>Sets the status of an answer that has something to say all the same.</summary>
    // When it is sent: set any earlier, the framework takes a 404 for "there is no such page" and sends nothing.
    protected void AnswerAs(int status) => Http.Response.OnStarting(() =>
    {
        Http.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    void IComponent.Attach(RenderHandle renderHandle) => _place = renderHandle;

    async Task IComponent.SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await Unswallowed(Load(Http.RequestAborted));
        _place.Render(BuildRenderTree);
    }

    // The framework forgets what was cancelled and would send a page with a hole in it; only a visitor who left may be answered so.
    async Task Unswallowed(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException e) when (!Http.RequestAborted.IsCancellationRequested)
        {
            throw new InvalidOperationException("What the page was waiting for was given up.", e);
        }
    }
}
