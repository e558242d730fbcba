namespace Ensen.Ui;

/// <summary>
/// The words of the pieces every page shares: the bar, the pad, the swipe (texts in Words.resx, Japanese first); and those that two areas
/// say.
/// </summary>
public sealed class Words;
