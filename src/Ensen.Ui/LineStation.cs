namespace Ensen.Ui;

/// <summary>
/// A station on the line: where it stands (0 to 1), what is written under it, whether the journey ends there, and what is held there
/// (veiled while the member hides the balance).
/// </summary>
public sealed record LineStation(double At, string? Label = null, bool Goal = false, string? Held = null);
