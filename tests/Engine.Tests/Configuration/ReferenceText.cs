using Actors.Engine.Configuration;

namespace Actors.Engine.Tests.Configuration;

/// <summary>The reference.conf that is in the engine.</summary>
internal static class ReferenceText
{
    public static string Read()
    {
        using var stream = typeof(EngineSettings).Assembly.GetManifestResourceStream("Actors.Engine.reference.conf")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
