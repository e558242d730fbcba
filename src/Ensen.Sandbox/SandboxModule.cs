using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Sandbox;

/// <summary>What the outside world of the sandbox remembers; nothing of the business reads it.</summary>
public static class SandboxModule
{
    public static Module Module { get; } = new("Sandbox") { Declares = [Schema.Of(typeof(SandboxModule))] };

    /// <summary>The product with its sandbox.</summary>
    public static Catalogue Catalogue { get; } = Product.Catalogue.With(Module);
}
