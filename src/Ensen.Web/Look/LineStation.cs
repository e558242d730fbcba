namespace Ensen.Web.Look;

/// <summary>A station on the line: where it stands (0 to 1), what is written under it, and whether the journey ends there.</summary>
public sealed record LineStation(double At, string? Label = null, bool Goal = false);
