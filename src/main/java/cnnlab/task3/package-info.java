/** Task 3: tumour or normal tissue on PatchCamelyon at 32x32. */
package cnnlab.task3;
