using System.Diagnostics;
using Actors.Engine;

namespace Actors.Samples.TreeCopy;

/// <summary>Progress as one line that is written over on a terminal, or as a line every few seconds in a log.</summary>
internal sealed class ProgressLine(TextWriter output, bool isRedirected) : IProgress<TreeCopyProgress>
{
    private readonly TimeSpan _interval = isRedirected ? TimeSpan.FromSeconds(2) : TimeSpan.FromMilliseconds(100);
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private int _width;

    /// <summary>Called by the threads that copy, one call at a time: it must be quick.</summary>
    public void Report(TreeCopyProgress value)
    {
        if (_sinceLast.Elapsed < _interval)
        {
            return;
        }

        _sinceLast.Restart();
        var text = $"{value.Files:N0} files, {value.Directories:N0} directories, {value.Bytes:N0} bytes";
        if (isRedirected)
        {
            output.WriteLine(text);
            return;
        }

        _width = Math.Max(_width, text.Length);
        output.Write($"\r{text.PadRight(_width)}");
    }

    /// <summary>Leaves the terminal's line empty.</summary>
    public void End()
    {
        if (_width > 0)
        {
            output.Write($"\r{new string(' ', _width)}\r");
        }
    }
}
