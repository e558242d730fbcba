namespace Ensen.Ui.Scenes;

/// <summary>What hangs over the counter of a picture.</summary>
public enum Roof
{
    Open = 0,
    Awning = 1,
    Curtain = 2,
}

/// <summary>
/// One category's picture: its roof, and its things as SVG in the colours $a (accent), $b (second), $p (paper), $k (ink), $t (counter), $w
/// (wall).
/// </summary>
public sealed record Drawing(Roof Roof, string Things);
