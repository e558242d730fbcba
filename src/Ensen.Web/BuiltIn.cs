using Ensen.Basics;

namespace Ensen.Web;

/// <summary>What is part of this build and of others not: the sandbox, which <c>-p:Sandbox=false</c> leaves out.</summary>
static partial class BuiltIn
{
    /// <summary>Null in a build without it.</summary>
    public static ISandbox? Sandbox { get; } = Find();

    /// <summary>The sandbox where it is on; null where it is off.</summary>
    public static ISandbox? SandboxIfOn(Settings settings) => settings.Sandbox ? Sandbox : null;

    /// <summary>What this build declares.</summary>
    public static Catalogue Catalogue { get; } = Sandbox is { } sandbox ? Product.Catalogue.With(sandbox.Module) : Product.Catalogue;

    static ISandbox? Find()
    {
        ISandbox? sandbox = null;
        NameSandbox(ref sandbox);
        return sandbox;
    }

    static partial void NameSandbox(ref ISandbox? sandbox);
}
