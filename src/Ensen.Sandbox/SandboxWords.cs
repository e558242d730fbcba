namespace Ensen.Sandbox;

/// <summary>The texts of the outside world to play with: SandboxWords.resx is Japanese, one more file a language.</summary>
public sealed class SandboxWords;
