using Akka.Configuration;

namespace Actors.Engine.Configuration;

/// <summary>
/// Reads HOCON that people write. Akka's own parser hangs, overflows the stack or swallows text on some malformed
/// input, so it never sees any: this one checks the text strictly, resolves includes and substitutions, and builds
/// Akka's configuration objects itself. What is wrong is a <see cref="HoconException"/> with file, line and column.
/// </summary>
/// <remarks>
/// <para><c>include "other.conf"</c> and <c>include file("other.conf")</c> are relative to the file they are in;
/// the file must exist. <c>${a.b}</c> and <c>${?a.b}</c> are looked up in the document with its includes, not in the
/// environment and not in reference.conf. <c>+=</c> adds to a list.</para>
/// <para>Limits: 1 MiB a file, 256 includes, 16 deep; keys and lists 64 deep.</para>
/// </remarks>
public static class HoconSource
{
    /// <summary>The name that errors in overrides carry instead of a file's.</summary>
    public const string OverrideName = "--set";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="overrides">Assignments such as <c>actors.engine.shards = 2</c> on top of it; the file's
    /// substitutions see them.</param>
    /// <exception cref="HoconException">The file cannot be read, or something in it is wrong.</exception>
    public static HoconDocument Load(string path, params IEnumerable<string> overrides)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var root = new ObjectNode(new SourcePosition(path, 1, 1));
        var includes = new HoconIncludes();
        includes.ParseFile(root, path);
        return Finish(root, includes, overrides);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The HOCON.</param>
    /// <param name="file">The file that it stands for: named in errors, and what its includes are relative to.</param>
    /// <param name="overrides">As in <see cref="Load"/>.</param>
    /// <exception cref="HoconException">Something in it is wrong.</exception>
    public static HoconDocument Parse(string text, string file, params IEnumerable<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(file);
        var root = new ObjectNode(new SourcePosition(file, 1, 1));
        var includes = new HoconIncludes();
        includes.ParseText(root, file, text);
        return Finish(root, includes, overrides);
    }

    private static HoconDocument Finish(ObjectNode root, HoconIncludes includes, IEnumerable<string> overrides)
    {
        foreach (var assignment in overrides)
            includes.ParseText(root, OverrideName, assignment);
        return new HoconDocument(new Config(HoconResolver.Resolve(root, includes.Characters)));
    }
}
