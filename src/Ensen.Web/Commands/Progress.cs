using Ensen.Operations;

namespace Ensen.Web.Commands;

/// <summary>
/// Tells on the error stream how far <c>verify</c> is, so that what it found stays alone on the other: on a terminal in one line that
/// changes, elsewhere a line for each step that is over, with the time it took.
/// </summary>
sealed class Progress(TextWriter to, bool isTerminal, int width)
{
    static readonly TimeSpan s_often = TimeSpan.FromMilliseconds(200);

    string _what = "";
    TimeSpan _told;

    public static Progress OfThisConsole() =>
        new(Console.Error, !Console.IsErrorRedirected, Console.IsErrorRedirected ? 0 : Console.WindowWidth);

    public void Tell(VerifyStep step)
    {
        var isOver = step.Part >= 1;
        if (!isTerminal)
        {
            if (isOver)
                to.WriteLine(FormattableString.Invariant($"{step.Took.TotalSeconds,7:0.0} s  {step.What}"));
            return;
        }
        if (!isOver && step.What == _what && step.Took - _told < s_often)
            return;
        (_what, _told) = (step.What, step.Took);
        var line = FormattableString.Invariant($"{step.Part ?? 0,4:0 %}  {step.Took.TotalSeconds,6:0.0} s  {step.What}");
        var room = Math.Max(20, width - 1);
        to.Write("\r" + (isOver ? "" : line.Length > room ? line[..room] : line).PadRight(room) + (isOver ? "\r" : ""));
        to.Flush();
    }
}
