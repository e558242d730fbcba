namespace Ensen.Ui;

/// <summary>The words of the pieces every page shares: the bar, the pad, the swipe (texts in Words.resx, Japanese first).</summary>
public sealed class Words;
