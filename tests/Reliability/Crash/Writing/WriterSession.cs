using System.Globalization;
using System.Text;
using Actors.Engine;
using Akka.Actor;

namespace Actors.Reliability.Crash.Writing;

/// <summary>What the ways of writing share in the process that is going to be killed.</summary>
/// <param name="system">Where clients that are actors live, and the engine.</param>
/// <param name="directory">Where the files go.</param>
/// <param name="seed">Of the content.</param>
/// <param name="output">The pipe to whoever kills.</param>
internal sealed class WriterSession(ActorSystem system, string directory, long seed, Stream output)
{
    private readonly Lock _gate = new();

    /// <summary>Where clients that are actors live.</summary>
    public ActorSystem System => system;

    /// <summary>The engine.</summary>
    public FileEngine Engine { get; } = system.FileEngine();

    /// <summary>Of the content.</summary>
    public long Seed => seed;

    /// <summary>The path of a file.</summary>
    public string PathOf(int file) => WritingStyle.PathIn(directory, file);

    /// <summary>Tells that something is durable, at once: when this returns the pipe has it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="number">The line, with all before it; the block; or the version.</param>
    public void Acknowledge(int file, long number)
    {
        var line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file} {number}\n"));
        lock (_gate)
        {
            output.Write(line);
            output.Flush();
        }
    }
}
